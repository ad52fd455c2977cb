package nimload.deploy.mock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A genai-perf that sends nothing: it reads the guide's options, records each call, and leaves files in the exporters' format (json_exporter.py and
 * csv_exporter.py of triton-inference-server/perf_analyzer) in its artifact folder. Its numbers are invented.
 */
public final class StandInGenaiPerf {

    /** Part of the folder names of levels that fail. */
    public static final String FAILING = "STAND_IN_FAILING";

    /** Part of the folder names of levels that succeed but export nothing. */
    public static final String SILENT = "STAND_IN_SILENT";

    /** What it prints instead of measuring, as if huggingface.co were unreachable. */
    public static final String OFFLINE = "STAND_IN_OFFLINE";

    /** It waits before a level while this file exists. */
    public static final String HOLD = "STAND_IN_HOLD";

    private static final String SCRIPT = """
            #!/bin/sh
            echo "genai-perf $*" >>CALLS
            while [ $# -gt 0 ]; do
                case $1 in
                -m) model=$2 ;;
                -u | --url) url=$2 ;;
                --endpoint-type) endpoint=$2 ;;
                --batch-size | --batch-size-text) batch=$2 ;;
                --synthetic-input-tokens-mean) tokens=$2 ;;
                --concurrency) concurrency=$2 ;;
                --artifact-dir) folder=$2 ;;
                --input-file) files='["queries", "passages"]' ;;
                --extra-inputs)
                    extra="$extra${extra:+, }\\"${2%%:*}\\": \\"${2#*:}\\""
                    ;;
                esac
                shift
            done
            if [ -n "$STAND_IN_OFFLINE" ]; then
                echo "$STAND_IN_OFFLINE" >&2
                exit 1
            fi
            while [ -n "$STAND_IN_HOLD" ] && [ -e "$STAND_IN_HOLD" ] && [ "$concurrency" = 3 ]; do sleep 1; done
            case $folder in *"${STAND_IN_FAILING:-none}"*)
                echo "RuntimeError: perf_analyzer failed, see https://huggingface.co/docs for other things" >&2
                exit 1 ;;
            esac
            echo "genai_perf.wrapper: Running Perf Analyzer : 'perf_analyzer -m $model ...'"
            case $folder in *"${STAND_IN_SILENT:-none}"*) exit 0 ;; esac
            mkdir -p "$folder"
            echo '{"experiments": []}' >"$folder/profile_export.json"
            cat >"$folder/profile_export_genai_perf.json" <<END
            {
              "request_throughput": {"unit": "requests/sec", "avg": $batch.5},
              "request_latency": {
                "unit": "ms", "avg": 71.75, "p1": 70.0, "p5": 70.1, "p10": 70.2, "p25": 70.9, "p50": 71.5, "p75": 72.5, "p90": 73.25,
                "p95": 74.0, "p99": 79.5, "min": 69.75, "max": 91.0, "std": 1.5
              },
              "request_count": {"unit": "count", "avg": 836.0},
              "input_config": {
                "model": ["$model"], "batch_size_image": 1, "batch_size_text": $batch, "endpoint_type": "$endpoint", "service_kind": "openai",
                "u": "$url", "synthetic_input_files": ${files:-null}, "synthetic_input_tokens_mean": $tokens, "concurrency": $concurrency,
                "measurement_interval": 10000, "stability_percentage": 999, "tokenizer": "hf-internal-testing/llama-tokenizer",
                "subcommand": "profile", "prompt_source": "synthetic", "extra_inputs": {$extra}
              }
            }
            END
            cat >"$folder/profile_export_genai_perf.csv" <<END
            Metric,avg,min,max,p99,p95,p90,p75,p50,p25,p10,p5,p1
            Request Latency (ms),71.75,69.75,91.00,79.50,74.00,73.25,72.50,71.50,70.90,70.20,70.10,70.00

            Metric,Value
            Request Throughput (per sec),$batch.50
            Request Count (count),836.00
            END
            """;

    private StandInGenaiPerf() {}

    /** @return the file that gets one line per call */
    public static Path write(Path bin) throws IOException {
        Path calls = bin.resolve("calls");
        Path program = Files.writeString(bin.resolve("genai-perf"), SCRIPT.replace("CALLS", calls.toString()));
        program.toFile().setExecutable(true);
        return calls;
    }
}
