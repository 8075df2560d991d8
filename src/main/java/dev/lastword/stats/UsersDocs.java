package dev.lastword.stats;

import io.micronaut.http.MediaType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents {@code GET /stats/users}. */
@Operation(operationId = "users", tags = "Statistics")
@ApiResponse(
    responseCode = "200",
    description =
        "The users, in the order in which they were first counted, or of their ids if a keyword is given.",
    headers = {
      @Header(name = Answers.AS_OF, ref = "#/components/headers/AsOf"),
      @Header(name = Answers.SOURCE, ref = "#/components/headers/Source")
    },
    content = {
      @Content(
          mediaType = MediaType.APPLICATION_JSON,
          schema = @Schema(implementation = UsersController.Users.class),
          examples =
              @ExampleObject(
                  """
                  {"items": [{"user_id": "ann"}, {"user_id": "bob"}], "users": 2, "source": "counts"}
                  """)),
      @Content(
          mediaType = MediaType.TEXT_CSV,
          schema = @Schema(type = "string"),
          examples =
              @ExampleObject(
                  """
                  user_id
                  ann
                  bob
                  """))
    })
@ApiResponse(responseCode = "304", ref = "#/components/responses/NotModified")
@ApiResponse(responseCode = "406", ref = "#/components/responses/NotAcceptable")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface UsersDocs {}
