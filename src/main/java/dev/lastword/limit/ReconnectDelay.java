package dev.lastword.limit;

import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.micronaut.configuration.lettuce.AbstractRedisConfiguration;
import io.micronaut.configuration.lettuce.ClientResourcesMutator;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Reconnects to Redis each second; by default, Lettuce would wait for up to half a minute. */
@Singleton
@Requires(beans = AbstractRedisConfiguration.class)
class ReconnectDelay implements ClientResourcesMutator {

  @Override
  public void mutate(ClientResources.Builder resources, AbstractRedisConfiguration settings) {
    resources.reconnectDelay(Delay.constant(Duration.ofSeconds(1)));
  }
}
