using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Containers.Answers;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Trees;

namespace Portal.Engine.Api.Containers;

/// <summary>Export and changes.</summary>
internal sealed class ContainerTreeHandlers(IContainerTrees trees)
{
    // Changes are told as they are found: a container can hold any number.
    private const int PieceLength = 64 * 1024;

    public Task ExportAsync(HttpContext context)
    {
        context.Response.ContentType = "application/x-tar";
        return trees.ExportAsync(context.Id(), context.Response.Body, context.RequestAborted);
    }

    public async Task ListChangesAsync(HttpContext context)
    {
        using var piece = new MemoryStream(PieceLength + 1024);
        piece.WriteByte((byte)'[');
        var isFirst = true;
        foreach (var change in trees.ListChanges(context.Id()))
        {
            if (!isFirst)
            {
                piece.WriteByte((byte)',');
            }

            isFirst = false;
            piece.Write(DockerJson.Serialize(
                new ChangeModel(change.Path, (int)change.Kind), DockerJsonContext.Default.ChangeModel));
            if (piece.Length >= PieceLength)
            {
                await SendAsync(context, piece).ConfigureAwait(false);
            }
        }

        piece.WriteByte((byte)']');
        await SendAsync(context, piece).ConfigureAwait(false);
    }

    private static async Task SendAsync(HttpContext context, MemoryStream piece)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(piece.GetBuffer().AsMemory(0, (int)piece.Length), context.RequestAborted)
            .ConfigureAwait(false);
        piece.SetLength(0);
    }
}
