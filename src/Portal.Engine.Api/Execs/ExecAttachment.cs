using Portal.Engine.Api.Execs.Models;
using Portal.Engine.Api.Streams;
using Portal.Engine.Runtime;

namespace Portal.Engine.Api.Execs;

/// <summary>What the client that described an exec wants to see of it; the engine need not know.</summary>
internal sealed record ExecAttachment(bool Stdout, bool Stderr, DetachKeys DetachKeys, TerminalSize? Size = null)
{
    public static ExecAttachment Of(ExecCreateRequest request)
    {
        var size = TerminalSizes.TryMake(request.ConsoleSize);
        return new ExecAttachment(request.AttachStdout, request.AttachStderr, DetachKeys.Parse(request.DetachKeys), size);
    }
}
