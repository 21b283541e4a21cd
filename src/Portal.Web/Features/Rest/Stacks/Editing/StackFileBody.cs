using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Stacks.Files;

namespace Portal.Web.Features.Rest.Stacks.Editing;

/// <summary>A file of a stack: text, or, where it is none, bytes in base64.</summary>
internal sealed record StackFileBody(string? Text = null, string? Base64 = null, bool IsExecutable = false)
{
    public static StackFileBody Of(StackFileContent content) => content.ReadText() is { } text
        ? new StackFileBody(text, null, content.IsExecutable)
        : new StackFileBody(null, Convert.ToBase64String(content.Bytes), content.IsExecutable);

    public StackFileContent ToContent(string path)
    {
        var buffer = new byte[Base64?.Length ?? 0];
        try
        {
            return (Text, Base64) switch
            {
                ({ } text, null) => StackFileContent.Of(text) with { IsExecutable = IsExecutable },
                (null, { } encoded) when Convert.TryFromBase64String(encoded, buffer, out var length) =>
                    new StackFileContent(buffer[..length], IsExecutable),
                _ => throw RestResults.Refused($"The file '{path}' is either text or base64."),
            };
        }
        catch (System.Text.EncoderFallbackException)
        {
            throw RestResults.Refused($"The file '{path}' holds half a character.");
        }
    }
}
