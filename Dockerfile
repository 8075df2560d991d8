# syntax=docker/dockerfile:1

FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY .mvn .mvn
COPY pom.xml ./
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

# Every address of the container: what is let through is for whoever publishes the port to say.
# LASTWORD_DB_URL has to be given: there is no database in this image.
ENV LASTWORD_HOST=0.0.0.0 \
    LASTWORD_PORT=8080 \
    LASTWORD_LOG_FORMAT=json
EXPOSE 8080

# Alive, not ready: a container that lost its database is not cured by a restart. Bash speaks HTTP
# here, since the image has no curl.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["bash", "-c", \
  "exec 3<>/dev/tcp/127.0.0.1/$LASTWORD_PORT && printf 'GET /health/liveness HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '^HTTP/1.[01] 200' <&3"]

# ParallelGC takes less CPU and memory a request than G1 here; both were measured (ARCHITECTURE.md).
# MaxRAMPercentage: the rest of the container's memory is for Netty's buffers, threads and classes.
# ExitOnOutOfMemoryError: a new process is worth more than one that lost a thread; nothing that was
#   answered is lost.
# enable-native-access: JDK 24 and later warn about Netty's native code without it.
ENTRYPOINT ["java", \
  "-XX:+UseParallelGC", \
  "-XX:MaxRAMPercentage=60", \
  "-XX:+ExitOnOutOfMemoryError", \
  "--enable-native-access=ALL-UNNAMED", \
  "-jar", "/app/lastword.jar"]
CMD ["serve"]
