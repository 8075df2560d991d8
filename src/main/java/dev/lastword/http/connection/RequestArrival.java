package dev.lastword.http.connection;

import dev.lastword.http.InFlightBytes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.netty.channel.ChannelPipelineCustomizer;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Adds {@link SecurityHeaders}, {@link RequestArrivalHandler}, {@link AcceptHeader} and {@link
 * KeyParameter} to each connection. They cannot be filters, because the framework collects the body
 * and chooses the route before it runs a filter.
 */
@Singleton
class RequestArrival implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {
  private final InFlightBytes budget;
  private final List<Sender> senders;
  private final RequestSettings settings;
  private final AcceptHeader accept = new AcceptHeader();
  private final KeyParameter key = new KeyParameter();
  private final SecurityHeaders headers = new SecurityHeaders();

  RequestArrival(
      InFlightBytes budget,
      List<Sender> senders,
      RequestSettings settings,
      MeterRegistry registry) {
    this.budget = budget;
    this.senders = senders;
    this.settings = settings;
    Gauge.builder("lastword.http.body.bytes", budget, InFlightBytes::taken)
        .description("bytes of request bodies in memory")
        .baseUnit("bytes")
        .register(registry);
  }

  @Override
  public NettyServerCustomizer.Registry onCreated(
      BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
    event.getBean().register(new Customizer(null));
    return event.getBean();
  }

  /** The customizer of all channels, and then that of each. */
  private final class Customizer implements NettyServerCustomizer {
    private final @Nullable Channel channel;

    Customizer(@Nullable Channel channel) {
      this.channel = channel;
    }

    @Override
    public NettyServerCustomizer specializeForChannel(Channel specialized, ChannelRole role) {
      return new Customizer(specialized);
    }

    @Override
    public void onStreamPipelineBuilt() {
      ChannelPipeline pipeline = Objects.requireNonNull(channel).pipeline();
      String codec = ChannelPipelineCustomizer.HANDLER_HTTP_SERVER_CODEC;
      if (pipeline.get(codec) != null) {
        var arrival = new RequestArrivalHandler(budget, senders, settings.requestTimeout());
        pipeline.addBefore(codec, "lastword-first-byte", arrival.firstByte());
        pipeline.addAfter(codec, "lastword-headers", headers);
        pipeline.addAfter("lastword-headers", "lastword-key", key);
        pipeline.addAfter("lastword-key", "lastword-arrival", arrival);
        pipeline.addAfter("lastword-arrival", "lastword-accept", accept);
      }
    }
  }
}
