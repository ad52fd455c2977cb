package nimload.deploy.mock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A genai-perf, or an AIPerf, that sends nothing: it reads the options of our command lines, records each call, and leaves files in the exporters'
 * format (json_exporter.py and csv_exporter.py of triton-inference-server/perf_analyzer, metrics_json_exporter.py of ai-dynamo/aiperf) in its artifact
 * folder. Its numbers are invented.
 */
public final class StandInTool {

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
            echo "PROGRAM $*" >>CALLS
            while [ $# -gt 0 ]; do
                case $1 in
                -m | --model) model=$2 ;;
                -u | --url) url=$2 ;;
                --endpoint-type) endpoint=$2 ;;
                --batch-size | --batch-size-text | --rankings-passages-mean) batch=$2 ;;
                --synthetic-input-tokens-mean | --rankings-passages-prompt-token-mean) tokens=$2 ;;
                --rankings-query-prompt-token-mean) query=$2 ;;
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
            """;

    private static final String GENAI_PERF = """
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

    private static final String AIPERF = """
            echo '{}' >"$folder/profile_export.jsonl"
            case $endpoint in
            nim_rankings)
                texts="\\"rankings\\": {\\"passages\\": {\\"value\\": $batch}, \\"passage_tokens\\": {\\"value\\": $tokens}, \\"query_tokens\\": {\\"value\\": $query}}" ;;
            *) texts="\\"prompts\\": {\\"isl\\": {\\"mean\\": $tokens, \\"stddev\\": 0}, \\"batch_size\\": $batch}" ;;
            esac
            cat >"$folder/profile_export_aiperf.json" <<END
            {
              "schema_version": "1.3", "aiperf_version": "0.12.0",
              "request_throughput": {"unit": "requests/sec", "avg": $batch.5},
              "request_latency": {
                "unit": "ms", "avg": 71.75, "p50": 71.5, "p90": 73.25, "p95": 74.0, "p99": 79.5, "min": 69.75, "max": 91.0, "std": 1.5, "count": 836
              },
              "request_count": {"unit": "requests", "avg": 836.0},
              "input_config": {
                "models": {"items": [{"name": "$model"}]}, "endpoint": {"urls": ["$url"], "type": "$endpoint", "extra": {$extra}},
                "datasets": [{"name": "main", "type": "synthetic", $texts}],
                "phases": [{"name": "warmup", "type": "concurrency", "concurrency": $concurrency, "duration": 5, "exclude_from_results": true},
                           {"name": "profiling", "type": "concurrency", "concurrency": $concurrency, "duration": 30}]
              },
              "was_cancelled": false, "error_summary": [], "start_time": "2026-11-22T10:00:00.5", "end_time": "2026-11-22T10:00:30.5"
            }
            END
            echo "Metric,Value" >"$folder/profile_export_aiperf.csv"
            """;

    private StandInTool() {}

    /**
     * @param program {@code genai-perf} or {@code aiperf}
     * @return the file that gets one line per call
     */
    public static Path write(Path bin, String program) throws IOException {
        Path calls = bin.resolve("calls");
        String script = SCRIPT.replace("CALLS", calls.toString()).replace("PROGRAM", program)
                + (program.equals("aiperf") ? AIPERF : GENAI_PERF);
        Path file = Files.writeString(bin.resolve(program), script);
        file.toFile().setExecutable(true);
        return calls;
    }
}
