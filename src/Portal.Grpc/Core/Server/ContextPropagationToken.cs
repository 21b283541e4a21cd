namespace Grpc.Core;

/// <summary>Carries a server call's deadline and cancellation over to calls that it makes; opaque.</summary>
public abstract class ContextPropagationToken
{
    internal ContextPropagationToken()
    {
    }
}
