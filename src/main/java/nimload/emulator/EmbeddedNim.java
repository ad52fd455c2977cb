package nimload.emulator;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import nimload.UserError;
import nimload.nim.NimKind;

/** Stands in for both NIMs on loopback; the package says what it is not. */
public final class EmbeddedNim implements AutoCloseable {
    public static final String EMBEDDING_MODEL = "nvidia/nv-embedqa-e5-v5";
    public static final String RERANKING_MODEL = "nvidia/llama-3.2-nv-rerankqa-1b-v2";

    /** Response header: measured microseconds from the last byte of the request to the first byte of the answer. */
    public static final String SERVICE_HEADER = NimHandler.SERVICE_HEADER;

    private static final int MAX_REQUEST_BYTES = 64 << 20;

    private final EventLoopGroup eventLoops;
    private final Channel server;

    private EmbeddedNim(EventLoopGroup eventLoops, Channel server) {
        this.eventLoops = eventLoops;
        this.server = server;
    }

    /**
     * Starts one with the timing of an H200.
     *
     * @param port 0 for any free port
     * @throws UserError if the port is taken
     */
    public static EmbeddedNim start(int port) {
        return start(port, Emulation.ofTheGuide());
    }

    /** Starts one with other times, for the kinds of NIM that they are for; its label says so. */
    public static EmbeddedNim start(int port, TimesFile times) {
        return start(port, Emulation.ofTheGuide().withTimes(times));
    }

    /**
     * Starts one with the timing of an H200, slowed down; its label says so.
     *
     * @param factor 1.05 = 5 % slower
     */
    public static EmbeddedNim startSlowed(int port, double factor) {
        return start(port, Emulation.ofTheGuide().slowedBy(factor));
    }

    /**
     * Starts one that answers every request after the same time, and a repeated request without parsing it again: to
     * measure or warm up a client, not to resemble a NIM.
     */
    public static EmbeddedNim startWithFixedDelay(int port, Duration delay) {
        return start(port, Emulation.ofTheGuide().withFixedDelay(delay, true));
    }

    /** The same, but it reads every request, as for clients of which one sends new texts and another always the same. */
    public static EmbeddedNim startWithFixedDelayReadingAll(int port, Duration delay) {
        return start(port, Emulation.ofTheGuide().withFixedDelay(delay, false));
    }

    static EmbeddedNim start(int port, Emulation emulation) {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        Class<? extends ServerChannel> channel = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        // One thread: no hand-over between threads delays a request, and the modelled GPU needs no locks.
        EventLoopGroup eventLoops =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("embedded-nim", true), io);
        EventLoop loop = eventLoops.next();
        NimApi api = new NimApi(emulation, loop);
        ChannelFuture bound = new ServerBootstrap()
                .group(eventLoops)
                .channel(channel)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel connection) {
                        connection
                                .pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES))
                                .addLast(new NimHandler(api));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), port)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new UserError(
                    "cannot listen on port " + port + " (" + bound.cause().getMessage()
                            + "); stop the process that uses it, or choose another port",
                    bound.cause());
        }
        EmbeddedNim nim = new EmbeddedNim(eventLoops, bound.channel());
        api.isAt(nim.url().getAuthority());
        return nim;
    }

    /** The model that serves a kind of NIM. */
    public static String model(NimKind kind) {
        return switch (kind) {
            case EMBEDDING -> EMBEDDING_MODEL;
            case RERANKING -> RERANKING_MODEL;
        };
    }

    /** {@code http://127.0.0.1:port} */
    public URI url() {
        return URI.create("http://127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort());
    }

    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
