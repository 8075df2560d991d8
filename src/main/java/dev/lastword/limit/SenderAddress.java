package dev.lastword.limit;

import dev.lastword.http.connection.Sender;
import io.netty.handler.codec.http.HttpRequest;
import jakarta.inject.Singleton;
import java.net.InetAddress;

/** The address of a sender. */
@Singleton
class SenderAddress implements Sender {
  private final ClientAddress addresses;

  SenderAddress(ClientAddress addresses) {
    this.addresses = addresses;
  }

  @Override
  public String of(HttpRequest request, InetAddress client) {
    return "address " + ClientAddress.network(addresses.of(client, request.headers()::getAll));
  }
}
