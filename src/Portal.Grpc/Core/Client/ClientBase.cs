namespace Grpc.Core;

/// <summary>The base of generated clients.</summary>
public abstract class ClientBase
{
    private readonly ClientBaseConfiguration? _configuration;

    /// <summary>For test doubles: a client that cannot call.</summary>
    protected ClientBase()
    {
    }

    /// <summary>A client with a configuration.</summary>
    protected ClientBase(ClientBaseConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _configuration = configuration;
        CallInvoker = configuration.CallInvoker;
    }

    /// <summary>A client on a channel.</summary>
    protected ClientBase(ChannelBase channel)
        : this(channel?.CreateCallInvoker()!)
    {
    }

    /// <summary>A client on an invoker.</summary>
    protected ClientBase(CallInvoker callInvoker)
        : this(new ClientBaseConfiguration(callInvoker, null))
    {
    }

    internal ClientBaseConfiguration Configuration =>
        _configuration ?? throw new InvalidOperationException("The client was made without a call invoker.");

    /// <summary>What starts this client's calls.</summary>
    protected CallInvoker CallInvoker { get; } = null!;

    /// <summary>What a client is made of; opaque.</summary>
    protected internal class ClientBaseConfiguration
    {
        internal ClientBaseConfiguration(CallInvoker callInvoker, string? host)
        {
            ArgumentNullException.ThrowIfNull(callInvoker);
            UndecoratedInvoker = callInvoker;
            Host = host;
            CallInvoker = host is null
                ? callInvoker
                : new Interceptors.InterceptingCallInvoker(callInvoker, new HostInterceptor(host));
        }

        internal CallInvoker UndecoratedInvoker { get; }

        internal CallInvoker CallInvoker { get; }

        internal string? Host { get; }

        internal ClientBaseConfiguration WithHost(string host) => new(UndecoratedInvoker, host);
    }
}
