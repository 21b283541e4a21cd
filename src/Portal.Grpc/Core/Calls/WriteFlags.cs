namespace Grpc.Core;

/// <summary>Wishes for the writing of a message.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>More messages follow at once: the transport may hold this one back.</summary>
    BufferHint = 0x1,

    /// <summary>Do not compress this message.</summary>
    NoCompress = 0x2,
}
