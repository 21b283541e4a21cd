namespace Grpc.Core;

/// <summary>What a <see cref="ContextPropagationToken"/> carries over.</summary>
public class ContextPropagationOptions
{
    /// <summary>Deadline and cancellation.</summary>
    public static readonly ContextPropagationOptions Default = new();

    /// <summary>Makes options.</summary>
    public ContextPropagationOptions(bool propagateDeadline = true, bool propagateCancellation = true)
    {
        IsPropagateDeadline = propagateDeadline;
        IsPropagateCancellation = propagateCancellation;
    }

    /// <summary>Whether the deadline is carried over.</summary>
    public bool IsPropagateDeadline { get; }

    /// <summary>Whether cancellation is carried over.</summary>
    public bool IsPropagateCancellation { get; }
}
