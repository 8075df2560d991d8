# Builds the product and the load tests where that is needed; sets java and jar. Read by the scripts beside it, which
# stand in their own folder.
../lastword --version >/dev/null
jar=$(cd ../target && pwd)/lastword.jar
java=java
[ -z "${LASTWORD_JAVA_HOME:-}" ] || java=$LASTWORD_JAVA_HOME/bin/java
if [ ! -f target/classpath ] || [ -n "$(find pom.xml src "$jar" -newer target/classpath | head -n 1)" ]; then
  mvn -q -B -f pom.xml process-classes
  touch target/classpath
fi
