package dev.lastword.http;

import io.micronaut.core.io.ResourceLoader;
import io.micronaut.core.util.SupplierUtil;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.json.JsonMapper;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** Serves the document of all calls, generated at build time, see {@code openapi.properties}. */
@OpenToAll
@Controller
@ExecuteOn(TaskExecutors.BLOCKING)
class ApiDocumentController {
  private static final String YAML = "application/yaml";

  private final Supplier<byte[]> yaml;
  private final Supplier<byte[]> json;

  ApiDocumentController(ResourceLoader resources, JsonMapper mapper) {
    yaml = SupplierUtil.memoized(() -> read(resources));
    json = SupplierUtil.memoized(() -> toJson(yaml.get(), mapper));
  }

  /** This document as YAML. */
  @Get(uris = {"/openapi.yml", "/openapi.yaml"})
  @Produces(MediaType.ALL)
  @Operation(operationId = "openApiYaml", tags = "Documentation")
  @ApiResponse(
      responseCode = "200",
      description = "The document.",
      content = @Content(mediaType = YAML, examples = @ExampleObject("openapi: 3.0.1")))
  HttpResponse<byte[]> yaml() {
    return HttpResponse.ok(yaml.get()).contentType(YAML);
  }

  /** This document as JSON. */
  @Get("/openapi.json")
  @Produces(MediaType.ALL)
  @Operation(operationId = "openApiJson", tags = "Documentation")
  @ApiResponse(
      responseCode = "200",
      description = "The document.",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              examples = @ExampleObject("{\"openapi\": \"3.0.1\"}")))
  HttpResponse<byte[]> json() {
    return HttpResponse.ok(json.get()).contentType(MediaType.APPLICATION_JSON_TYPE);
  }

  private static byte[] read(ResourceLoader resources) {
    try (InputStream document =
        resources.getResourceAsStream("classpath:META-INF/swagger/openapi.yml").orElseThrow()) {
      return document.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] toJson(byte[] document, JsonMapper mapper) {
    var options = new DumperOptions();
    var parser =
        new Yaml(
            new SafeConstructor(new LoaderOptions()),
            new Representer(options),
            options,
            new WithoutTimes());
    try {
      return mapper.writeValueAsBytes(parser.load(new String(document, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Leaves times as texts, as in JSON. */
  private static final class WithoutTimes extends Resolver {
    @Override
    protected void addImplicitResolvers() {
      addImplicitResolver(Tag.BOOL, BOOL, "yYnNtTfFoO");
      addImplicitResolver(Tag.INT, INT, "-+0123456789");
      addImplicitResolver(Tag.FLOAT, FLOAT, "-+0123456789.");
      addImplicitResolver(Tag.NULL, NULL, "~nN\0");
      addImplicitResolver(Tag.NULL, EMPTY, null);
    }
  }
}
