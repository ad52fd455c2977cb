package nimload.emulator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Optional;
import nimload.nim.Json;
import nimload.nim.NimError;
import nimload.nim.NimKind;
import nimload.nim.Routes;

/** Routes the requests of one connection. */
final class NimHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    /** Measured, not modelled: microseconds from the last byte of the request to the first byte of the answer. */
    static final String SERVICE_HEADER = "x-nimload-service-us";

    /** Modelled microseconds in the queue. */
    static final String QUEUE_HEADER = "x-nimload-queue-us";

    /** Modelled microseconds of the batch. */
    static final String COMPUTE_HEADER = "x-nimload-compute-us";

    private static final String JSON = "application/json";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final NimApi api;

    NimHandler(NimApi api) {
        this.api = api;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        long arrivedNanos = System.nanoTime();
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        String path = request.uri().split("\\?", 2)[0];
        boolean post = request.method().equals(HttpMethod.POST);
        boolean get = request.method().equals(HttpMethod.GET);
        NimApi.Reply reply = (json, queueNanos, computeNanos) -> {
            DefaultFullHttpResponse response = response(200, JSON, json);
            response.headers()
                    .set(QUEUE_HEADER, queueNanos / 1000)
                    .set(COMPUTE_HEADER, computeNanos / 1000)
                    .set(SERVICE_HEADER, (System.nanoTime() - arrivedNanos) / 1000);
            write(ctx, response, keepAlive);
        };
        Optional<NimKind> kind = Routes.kind(path).filter(api::serves);
        if (kind.isEmpty()) {
            write(ctx, get ? resource(path) : detail(404, "Not Found"), keepAlive);
        } else if (!post) {
            write(ctx, detail(405, "Method Not Allowed"), keepAlive);
        } else {
            try {
                api.answer(kind.get(), ByteBufUtil.getBytes(request.content()), arrivedNanos, reply);
            } catch (NimError e) {
                write(ctx, response(e.status(), JSON, e.toJson()), keepAlive);
            }
        }
    }

    private DefaultFullHttpResponse resource(String path) {
        return switch (path) {
            case Routes.READY -> response(200, JSON, object("message", "Service is ready."));
            case Routes.LIVE -> response(200, JSON, object("message", "Service is live."));
            case Routes.MODELS -> response(200, JSON, api.models());
            case Routes.METADATA -> response(200, JSON, api.metadata());
            case Routes.VERSION -> response(200, JSON, api.version());
            case Routes.METRICS -> response(200, PROMETHEUS, api.metrics());
            case Routes.MANIFEST -> response(200, JSON, object("manifest", "none: this is nimload's emulator"));
            case Routes.LICENSE -> response(200, JSON, object("name", "none: this is nimload's emulator"));
            default -> detail(404, "Not Found");
        };
    }

    private static DefaultFullHttpResponse detail(int status, String text) {
        return response(status, JSON, object("detail", text));
    }

    private static byte[] object(String field, String value) {
        return Json.bytes(Json.MAPPER.createObjectNode().put(field, value));
    }

    private static DefaultFullHttpResponse response(int status, String type, byte[] body) {
        return response(status, type, Unpooled.wrappedBuffer(body));
    }

    private static DefaultFullHttpResponse response(int status, String type, ByteBuf body) {
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), body);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        return response;
    }

    private static void write(ChannelHandlerContext ctx, DefaultFullHttpResponse response, boolean keepAlive) {
        if (keepAlive) {
            ctx.writeAndFlush(response);
        } else {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // The client has gone or does not speak HTTP: there is nobody to answer.
        ctx.close();
    }
}
