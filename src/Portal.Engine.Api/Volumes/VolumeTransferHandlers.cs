using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Api.Volumes.Models;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Volumes.Backups;

namespace Portal.Engine.Api.Volumes;

/// <summary>Volumes to and from archives, which Docker has nothing like. The end of the client stops either.</summary>
/// <remarks>
/// A backup that fails once it is under way cuts the connection: an answer that ends as it should is a whole archive. A restore is answered
/// when all is read.
/// </remarks>
internal sealed class VolumeTransferHandlers(IVolumeBackups backups)
{
    public Task BackupAsync(HttpContext context)
    {
        // Nothing is written, and so no header sent, before the volume is found and its users are held.
        var users = Users(context);
        context.Response.ContentType = "application/zstd";
        return backups.BackupAsync(context.Id(), users, context.Response.Body, null, context.RequestAborted);
    }

    public async Task RestoreAsync(HttpContext context)
    {
        var request = new VolumeRestore
        {
            Volume = context.Id(),
            Create = context.Flag("create"),
            Replace = context.Flag("replace"),
            Users = Users(context),
            Digest = context.Query("digest") ?? "",
        };
        var body = new CountedBody(context.Request.Body);
        try
        {
            var made = await backups.RestoreAsync(request, body, null, context.RequestAborted).ConfigureAwait(false);
            var answer = new VolumeRestoreAnswer(request.Volume, made.Entries, made.Bytes, made.Digest);
            await DockerJson.WriteAsync(context, answer, DockerJsonContext.Default.VolumeRestoreAnswer).ConfigureAwait(false);
        }
        catch (EngineException) when (body.IsBegun)
        {
            // A client that is still sending when it is answered loses the answer, and with it the reason.
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted).ConfigureAwait(false);
            throw;
        }
    }

    private static VolumeUserHandling Users(HttpContext context) => context.Query("users") switch
    {
        null or "" or "leave" => VolumeUserHandling.Leave,
        "pause" => VolumeUserHandling.Pause,
        "stop" => VolumeUserHandling.Stop,
        var other => throw EngineException.InvalidArgument($"Bad parameter 'users': '{other}' is none of leave, pause and stop."),
    };

    /// <summary>Knows whether anything was read: until then a client that asked whether to send was not told to.</summary>
    private sealed class CountedBody(Stream inner) : ReadOnlyStream
    {
        public bool IsBegun { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            IsBegun = true;
            return inner.ReadAsync(buffer, cancellationToken);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
