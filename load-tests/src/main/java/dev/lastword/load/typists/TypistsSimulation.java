package dev.lastword.load.typists;

import static io.gatling.javaapi.core.CoreDsl.ByteArrayBody;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.doIf;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.responseTimeInMillis;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.core.CoreDsl.tryMax;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import dev.lastword.simulation.Behaviour;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * People at a search box. Each keystroke is a request at its own time, whether earlier ones were
 * answered or not.
 *
 * <p>A Gatling user does one thing after another, so a slow response would delay the person's next
 * keystroke, and no request could overtake another. Therefore each keystroke is a Gatling user:
 * injected in the second before its time, it waits, sends, and retries while the service is busy or
 * unavailable. All of them share connections, like clients of a load balancer.
 */
public class TypistsSimulation extends Simulation {

  private static final int TRIES = 10;
  private static final Duration BEFORE_NEXT_TRY = Duration.ofMillis(500);

  private final URI url = URI.create(System.getProperty("typists.url"));
  private final List<Person> people = people();
  private final List<Keystroke> keystrokes =
      people.stream()
          .flatMap(
              person ->
                  person.typed().requests().stream().map(request -> new Keystroke(person, request)))
          .sorted(Comparator.comparingLong(Keystroke::at))
          .toList();
  private final Answers answers = new Answers();
  private Instant start = Instant.MAX;

  {
    setUp(
            scenario("keystroke")
                .feed(feeder())
                .exec(pause(this::untilItsMoment), exec(this::begin), send(), exec(answers::end))
                .injectOpen(injection()))
        .protocols(http.baseUrl(url.toString()).shareConnections().disableCaching());
  }

  /** Users are injected a second before their time. */
  @Override
  public void before() {
    start = Instant.now().plusSeconds(1);
  }

  @Override
  public void after() {
    Verdict.of(new SearchLog(url), people, start, answers)
        .write(Path.of(System.getProperty("typists.verdict")));
  }

  private static List<Person> people() {
    String run = Long.toString(System.currentTimeMillis(), 36);
    Set<Behaviour> behaviours = behaviours();
    return IntStream.rangeClosed(1, Integer.getInteger("typists.typists"))
        .mapToObj(
            number ->
                Person.of(
                    run,
                    Long.getLong("typists.seed"),
                    number,
                    Integer.getInteger("typists.seconds"),
                    behaviours))
        .toList();
  }

  /** Returns the behaviours of {@code --only}, or all of them. */
  private static Set<Behaviour> behaviours() {
    String only = System.getProperty("typists.only", "");
    return only.isEmpty()
        ? EnumSet.allOf(Behaviour.class)
        : Arrays.stream(only.split(",")).map(Behaviour::valueOf).collect(Collectors.toSet());
  }

  private Iterator<Map<String, Object>> feeder() {
    return keystrokes.stream()
        .map(keystroke -> Map.<String, Object>of("key", keystroke))
        .iterator();
  }

  private OpenInjectionStep[] injection() {
    List<OpenInjectionStep> steps = new ArrayList<>();
    long seconds = keystrokes.get(keystrokes.size() - 1).at() / 1_000;
    for (long second = 0; second <= seconds; second++) {
      long present = second;
      int users = (int) keystrokes.stream().filter(key -> key.at() / 1_000 == present).count();
      if (users > 0) {
        steps.add(atOnceUsers(users));
      }
      steps.add(nothingFor(1));
    }
    return steps.toArray(OpenInjectionStep[]::new);
  }

  private Duration untilItsMoment(Session session) {
    Duration left = Duration.between(Instant.now(), moment(session));
    return left.isNegative() ? Duration.ZERO : left;
  }

  private Session begin(Session session) {
    answers.late(Duration.between(moment(session), Instant.now()));
    return session;
  }

  private ChainBuilder send() {
    return tryMax(TRIES, "try")
        .on(
            doIf(session -> session.getInt("try") > 0)
                .then(exec(answers::again), pause(BEFORE_NEXT_TRY)),
            http("POST /log")
                .post("/log")
                .header("Content-Type", "application/json")
                .body(ByteArrayBody(session -> keystroke(session).body(start)))
                .check(responseTimeInMillis().saveAs("millis"))
                .check(status().is(202)));
  }

  private Instant moment(Session session) {
    return start.plusMillis(keystroke(session).at());
  }

  private static Keystroke keystroke(Session session) {
    return session.get("key");
  }
}
