# syntax=docker/dockerfile:1

FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY .mvn .mvn
COPY pom.xml ./
COPY parent parent
COPY client client
COPY sql sql
COPY src src
# Without the tests, the bill of materials and the embedded database's binaries.
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -q -Dmaven.test.skip=true -Dcyclonedx.skip=true -Dmariadb.missing=true package

FROM eclipse-temurin:25-jre
RUN useradd --system --no-create-home --shell /usr/sbin/nologin lastword
COPY --from=build /src/target/lastword.jar /app/lastword.jar
USER lastword
WORKDIR /app

# Listens on all addresses of the container; publishing the port decides who can reach it.
# LASTWORD_DB_URL is required: the image contains no database.
ENV LASTWORD_HOST=0.0.0.0 \
    LASTWORD_PORT=8080 \
    LASTWORD_LOG_FORMAT=json
EXPOSE 8080

# Liveness, not readiness: a restart does not help a container that lost its database. Bash sends
# the request, because the image has no curl.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["bash", "-c", \
  "exec 3<>/dev/tcp/127.0.0.1/$LASTWORD_PORT && printf 'GET /health/liveness HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '^HTTP/1.[01] 200' <&3"]

# ParallelGC: takes less CPU and memory per request than G1 (measurements in ARCHITECTURE.md).
# MaxRAMPercentage: the rest of the container's memory is for Netty's buffers, threads and classes.
# ExitOnOutOfMemoryError: a new process is better than one that lost a thread; nothing that was
#   answered is lost.
# enable-native-access: JDK 24 and later warn about Netty's native code without it.
ENTRYPOINT ["java", \
  "-XX:+UseParallelGC", \
  "-XX:MaxRAMPercentage=60", \
  "-XX:+ExitOnOutOfMemoryError", \
  "--enable-native-access=ALL-UNNAMED", \
  "-jar", "/app/lastword.jar"]
CMD ["serve"]
