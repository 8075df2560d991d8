package dev.lastword.query;

import io.micronaut.context.BeanProvider;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.serde.Encoder;
import io.micronaut.serde.Serializer;
import jakarta.inject.Singleton;
import java.io.IOException;

/** Writes {@link StoredJson} into the JSON around it. */
@Singleton
class StoredJsonSerializer implements Serializer<StoredJson> {

  private static final Argument<JsonNode> NODE = Argument.of(JsonNode.class);

  // The mapper needs the serializers first.
  private final BeanProvider<JsonMapper> json;

  StoredJsonSerializer(BeanProvider<JsonMapper> json) {
    this.json = json;
  }

  @Override
  public void serialize(
      Encoder encoder,
      EncoderContext context,
      Argument<? extends StoredJson> type,
      StoredJson value)
      throws IOException {
    JsonNode node = json.get().readValue(value.text(), NODE);
    context
        .findSerializer(NODE)
        .createSpecific(context, NODE)
        .serialize(encoder, context, NODE, node);
  }
}
