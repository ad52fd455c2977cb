package nimload.deploy.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpClientBuilder;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.StandardWebSocketBuilder;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketResponse;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Starts a new HTTP client whenever the configuration has another client certificate: connections keep the one they were made with. */
final class RenewableHttpClient
        extends StandardHttpClient<RenewableHttpClient, RenewableHttpClient.Factory, RenewableHttpClient.Builder> {

    private final Factory factory;

    private RenewableHttpClient(Builder builder, Factory factory, AtomicBoolean closed) {
        super(builder, closed);
        this.factory = factory;
    }

    @Override
    public CompletableFuture<WebSocketResponse> buildWebSocketDirect(
            StandardWebSocketBuilder request, WebSocket.Listener listener) {
        return factory.current().buildWebSocketDirect(request, listener);
    }

    @Override
    public CompletableFuture<HttpResponse<AsyncBody>> consumeBytesDirect(
            StandardHttpRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        return factory.current().consumeBytesDirect(request, consumer);
    }

    @Override
    protected void doClose() {
        factory.close();
    }

    static final class Factory implements HttpClient.Factory {

        private final Config config;
        private StandardHttpClient<?, ?, ?> client;
        private String certificate;

        Factory(Config config) {
            this.config = config;
        }

        @Override
        public Builder newBuilder() {
            return new Builder(this);
        }

        /** The one before stays open for what is under way, e.g. a log that is followed; its threads are daemons. */
        private synchronized StandardHttpClient<?, ?, ?> current() {
            String wanted = config.getClientCertData() + config.getClientCertFile();
            if (client == null || !Objects.equals(certificate, wanted)) {
                certificate = wanted;
                client = (StandardHttpClient<?, ?, ?>) HttpClientUtils.getHttpClientFactory()
                        .newBuilder(config)
                        .build();
            }
            return client;
        }

        private synchronized void close() {
            if (client != null) {
                client.close();
            }
        }
    }

    static final class Builder extends StandardHttpClientBuilder<RenewableHttpClient, Factory, Builder> {

        private Builder(Factory factory) {
            super(factory);
        }

        @Override
        public RenewableHttpClient build() {
            addProxyAuthInterceptor();
            return new RenewableHttpClient(
                    this, clientFactory, client == null ? new AtomicBoolean() : client.getClosed());
        }

        @Override
        protected Builder newInstance(Factory factory) {
            return new Builder(factory);
        }
    }
}
