namespace Grpc.Core;

/// <summary>A call that ended with a status other than OK; a handler throws it to end its call so.</summary>
public class RpcException : Exception
{
    /// <summary>Makes the exception of a status.</summary>
    public RpcException(Status status)
        : this(status, new Metadata())
    {
    }

    /// <summary>Makes the exception of a status with an own message.</summary>
    public RpcException(Status status, string message)
        : this(status, new Metadata(), message)
    {
    }

    /// <summary>Makes the exception of a status and trailers.</summary>
    public RpcException(Status status, Metadata trailers)
        : this(status, trailers, status.ToString())
    {
    }

    /// <summary>Makes the exception of a status and trailers with an own message.</summary>
    public RpcException(Status status, Metadata trailers, string message)
        : base(message, status.DebugException)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        Status = status;
        Trailers = trailers;
    }

    /// <summary>The status of the call.</summary>
    public Status Status { get; }

    /// <summary>The code of the status.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>The trailers that came, or go, with the status.</summary>
    public Metadata Trailers { get; }
}
