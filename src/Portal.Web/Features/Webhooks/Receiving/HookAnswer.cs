using System.Text;

namespace Portal.Web.Features.Webhooks.Receiving;

/// <summary>What a sender is told.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body: text for who did not prove itself, JSON for who did.</param>
/// <param name="IsJson">Which of them.</param>
internal sealed record HookAnswer(int Status, ReadOnlyMemory<byte> Body, bool IsJson = false)
{
    /// <summary>No such webhook, one that is switched off, and a wrong secret: always the same, to the letter.</summary>
    public static HookAnswer Refused { get; } = Text(404, "There is no such webhook, or the sender did not prove itself.");

    public static HookAnswer WrongType { get; } = Text(415, "Send JSON: Content-Type: application/json.");

    public static HookAnswer TooLarge { get; } = Text(413, "The body is too large.");

    public static HookAnswer TooMany { get; } = Text(429, "Too many calls. Try again in a minute.");

    public static HookAnswer Busy { get; } = Text(503, "Not now. Try again in a moment.");

    public static HookAnswer Slow { get; } = Text(408, "The body did not come in time.");

    private static HookAnswer Text(int status, string text) => new(status, Encoding.ASCII.GetBytes(text + "\n"));
}
