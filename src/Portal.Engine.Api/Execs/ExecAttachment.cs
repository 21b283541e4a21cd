using Portal.Engine.Api.Execs.Models;
using Portal.Engine.Api.Streams;

namespace Portal.Engine.Api.Execs;

/// <summary>What the client that described an exec wants to see of it; the engine need not know.</summary>
internal sealed record ExecAttachment(bool Stdout, bool Stderr, DetachKeys DetachKeys)
{
    public static ExecAttachment Of(ExecCreateRequest request)
    {
        return new ExecAttachment(request.AttachStdout, request.AttachStderr, DetachKeys.Parse(request.DetachKeys));
    }
}
