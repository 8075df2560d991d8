package dev.lastword.http;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micronaut.context.annotation.Requires;
import io.micronaut.data.connection.annotation.Connectable;
import io.micronaut.data.exceptions.DataAccessException;
import io.micronaut.data.jdbc.runtime.JdbcOperations;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.http.exceptions.HttpStatusException;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

/** Calls that fail in each possible way. */
@Controller("/failing")
@ExecuteOn(TaskExecutors.BLOCKING)
@Requires(property = "troubles")
class FailingController {

  private final JdbcOperations jdbc;

  FailingController(JdbcOperations jdbc) {
    this.jdbc = jdbc;
  }

  @Get("/number")
  String number(@QueryValue("how_many") int howMany) {
    return "" + howMany;
  }

  @Post("/body")
  Map<String, Object> body(@Body Map<String, Object> body) {
    return body;
  }

  @Post("/text")
  @Consumes(MediaType.TEXT_PLAIN)
  String text(@Body String body) {
    return body;
  }

  @Get("/refused")
  String refused() {
    throw new HttpStatusException(HttpStatus.CONFLICT, "That one was here before.");
  }

  @Get("/unforeseen")
  String unforeseen() {
    throw new IllegalStateException("secret of the inside");
  }

  @Get("/statement")
  @Connectable
  String statement() {
    return jdbc.prepareStatement("SELECT secret FROM no_such_table", s -> "" + s.execute());
  }

  /** Throws the error of the pool if it has no connection. */
  @Get("/pool")
  String pool() throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:mysql://127.0.0.1:1/none");
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(250);
    try (var pool = new HikariDataSource(config)) {
      return pool.getConnection().toString();
    }
  }

  /** Throws the error of the driver if nothing listens, wrapped by the data layer. */
  @Get("/driver")
  String driver() {
    try {
      return DriverManager.getConnection("jdbc:mysql://127.0.0.1:1/none").toString();
    } catch (SQLException e) {
      throw new DataAccessException("secret of the inside", e);
    }
  }
}
