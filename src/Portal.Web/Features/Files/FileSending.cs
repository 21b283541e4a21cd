using Grpc.Core;

namespace Portal.Web.Features.Files;

/// <summary>Sends the pieces of an upload to a node.</summary>
internal static class FileSending
{
    /// <param name="output">The call's requests.</param>
    /// <param name="pieces">Made one by one, when the node takes them.</param>
    /// <param name="answer">The node may answer before all is sent: a full disk, a name that is taken. The rest is not sent then.</param>
    public static async Task SendAsync<T>(IClientStreamWriter<T> output, IAsyncEnumerable<T> pieces, Task answer)
    {
        try
        {
            await foreach (var piece in pieces)
            {
                if (answer.IsCompleted)
                {
                    return;
                }

                await output.WriteAsync(piece);
            }

            await output.CompleteAsync();
        }
        catch (Exception failure) when (failure is RpcException or InvalidOperationException)
        {
            // The call has ended while a piece was under way: the answer tells why.
        }
        catch (IOException failure)
        {
            // The browser went away. The call ends without the last message, so that the node keeps nothing.
            throw new RpcException(
                new Status(StatusCode.Cancelled, N("The upload broke off. Nothing of it was kept; send it again."), failure));
        }
    }
}
