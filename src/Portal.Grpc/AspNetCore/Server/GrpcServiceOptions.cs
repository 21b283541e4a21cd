namespace Grpc.AspNetCore.Server;

/// <summary>Settings of services.</summary>
public class GrpcServiceOptions
{
    internal const int DefaultMaxReceiveMessageSize = 4 * 1024 * 1024;

    private int? _maxReceiveMessageSize;

    /// <summary>Largest message to send, in bytes; null for no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>Largest message to receive, in bytes; 4 MiB unless set, null for no limit.</summary>
    public int? MaxReceiveMessageSize
    {
        get => _maxReceiveMessageSize;
        set
        {
            _maxReceiveMessageSize = value;
            MaxReceiveMessageSizeSpecified = true;
        }
    }

    /// <summary>Whether the message of an exception in a handler goes to the client; false unless set.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>Interceptors of every call, the first of them outermost.</summary>
    public InterceptorCollection Interceptors { get; } = [];

    internal bool MaxReceiveMessageSizeSpecified { get; private set; }
}
