# Builds the product and the load tests if necessary, and sets $java; sourced in the project's folder.
command -v mvn >/dev/null || { echo "needs Maven" >&2; exit 1; }
java=${LASTWORD_JAVA_HOME:+$LASTWORD_JAVA_HOME/bin/}java
./lastword --version >/dev/null
if [ ! -f load-tests/target/built ] ||
  [ -n "$(find load-tests/pom.xml parent load-tests/src target/original-lastword.jar -newer load-tests/target/built | head -n 1)" ]; then
  mvn -q -B -f load-tests/pom.xml process-classes >&2
  touch load-tests/target/built
fi
mkdir -p load-tests/results
