package dev.lastword.http;

import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeIn;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.info.License;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;

/** The introduction of {@code /openapi.yml}; its tags are in the order of the page. */
@OpenAPIDefinition(
    info =
        @Info(
            title = "Lastword",
            version = "0.1",
            description =
                """
                Logs what people searched for instead of the keys they pressed, and any other event exactly once.

                Send each keystroke of a search box. When the typist pauses for five seconds, or presses Enter, the search
                is in the log:

                ```sh
                curl -H 'Content-Type: application/json' http://127.0.0.1:8080/log \\
                  -d '{"keyword": "Business", "session_id": "s-1", "submitted": true}'
                curl http://127.0.0.1:8080/searches
                ```

                - **202 means committed.** What was answered with 202 is in the database. After 503, or without an answer,
                  send the same again: `typed_at` and `event_id` keep it from counting twice.
                - **Bad rows are listed by their place**, with a reason; the other rows of the request are taken.
                - **Lists are pages**: send `next_cursor` as `cursor`. `Accept: text/csv` and `application/x-ndjson`
                  stream everything.
                - **Times** are ISO 8601 in UTC, and days are those of UTC.
                - **Answers include what was committed before**: an answer from counts includes everything that was
                  committed before its request, on any node, or says up to when in `Lastword-As-Of`.
                - **API keys**: a service with keys needs one in each request, as `Authorization: Bearer <key>` or
                  `X-API-Key: <key>`. Calls that take keystrokes and events need scope `write`, those below `/admin` need
                  `admin`, all others need `read`; health and this document need none. A key belongs to a tenant, and
                  sees only what belongs to it. A key of scope `write` alone may also be parameter `key` of the URL, for
                  beacons of web pages. `POST /token` trades a key for a token that expires soon, which is sent like a
                  key.
                - **Errors** are `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)): `title`,
                  `status` and a `detail` that says what to do.
                """,
            license =
                @License(
                    name = "Apache-2.0",
                    url = "https://www.apache.org/licenses/LICENSE-2.0.txt")),
    servers = @Server(url = "/", description = "This node"),
    tags = {
      @Tag(name = "Keystrokes", description = "The text in the search box, sent with each key."),
      @Tag(name = "Searches", description = "What people searched for."),
      @Tag(
          name = "Events",
          description = "Orders, page views, lines of logs: anything else, exactly once."),
      @Tag(name = "Streams", description = "Rows as they are logged, as server-sent events."),
      @Tag(name = "Statistics", description = "Totals, and exact answers from counts."),
      @Tag(name = "Administration", description = "Tenants and API keys."),
      @Tag(name = "Operation", description = "For probes and monitoring."),
      @Tag(name = "Documentation", description = "This document.")
    })
@SecurityScheme(
    name = "bearer",
    type = SecuritySchemeType.HTTP,
    scheme = "bearer",
    description = "An API key, `lw_...`.")
@SecurityScheme(
    name = "header",
    type = SecuritySchemeType.APIKEY,
    in = SecuritySchemeIn.HEADER,
    paramName = "X-API-Key",
    description = "The same key, for clients that cannot set `Authorization`.")
@SecurityScheme(
    name = "signature",
    type = SecuritySchemeType.APIKEY,
    in = SecuritySchemeIn.HEADER,
    paramName = "Authorization",
    description =
        """
        `HMAC-SHA256 <key id>:<time>:<signature>` by a key with `signs`. The signature is HMAC-SHA256, under the text of the \
        key and in hexadecimal digits, of five lines without a line feed at the end: the method, path and parameters, the \
        time in seconds since 1970, `Idempotency-Key` (empty without one), and SHA-256 of the body before compression in hexadecimal digits. The time may differ by \
        5 minutes.
        """)
@SecurityScheme(
    name = "parameter",
    type = SecuritySchemeType.APIKEY,
    in = SecuritySchemeIn.QUERY,
    paramName = "key",
    description =
        "A key of scope `write` alone, for beacons of web pages, which can set no header.")
final class Api {
  private Api() {}
}
