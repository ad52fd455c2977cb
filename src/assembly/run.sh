#!/bin/sh
# run.sh SIMULATION [-Dname=value ...]: a simulation in a JVM as Gatling's Maven plugin starts it, without Maven.
# Leaves results/<run> and gatling/<report> in the working directory; the exit code is nimload's, see src/docs/ci.md.
suite=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
simulation=$1
shift
# "1.8.0_402" is Java 8.
version=$(java -version 2>&1 | sed -n 's/.*version "\(1\.\)\{0,1\}\([0-9]*\).*/\2/p')
if [ "${version:-0}" -lt 17 ]; then
    echo "✗ the simulations need Java 17 or later, and this image has ${version:-none}: set benchmark.loadGeneratorImage in deploy/nims.yaml"
    exit 2
fi
# The build's own JVM flags; they have no blanks.
flags=$(printf %s '${gatling.jvmArgs}' | tr ',' ' ')
# shellcheck disable=SC2086
exec java -cp "$suite/simulations:$suite/classes:$suite/lib/*" \
    -Xmx1G -XX:MaxInlineLevel=20 -XX:MaxTrivialSize=12 \
    --add-opens=java.base/java.lang=ALL-UNNAMED --add-opens=java.base/jdk.internal.misc=ALL-UNNAMED \
    --enable-native-access=ALL-UNNAMED \
    -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 -Dstderr.encoding=UTF-8 \
    $flags -Dnim.results=results "$@" \
    nimload.simulation.Launcher --simulation "$simulation" --results-folder gatling \
    --run-description '${gatling.runDescription}'
