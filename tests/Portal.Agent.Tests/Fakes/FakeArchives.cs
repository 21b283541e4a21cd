using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Saving;

namespace Portal.Agent.Tests.Fakes;

/// <summary>Archives of three million bytes, each the rest of its position by 251.</summary>
public sealed class FakeArchives : IImageArchives
{
    public const int Length = 3_000_000;

    public async Task SaveAsync(
        IReadOnlyList<string> references, Stream output, ImagePlatform? platform, CancellationToken cancellationToken = default)
    {
        if (references.Contains("missing"))
        {
            throw EngineException.NotFound("There is no image 'missing' here.");
        }

        // Pieces that fit no message, as a tar's do.
        for (var position = 0; position < Length; position += 100_001)
        {
            var piece = new byte[Math.Min(100_001, Length - position)];
            for (var index = 0; index < piece.Length; index++)
            {
                piece[index] = (byte)((position + index) % 251);
            }

            await output.WriteAsync(piece, cancellationToken);
        }
    }
}
