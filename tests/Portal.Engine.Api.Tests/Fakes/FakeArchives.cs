using System.Text;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Saving;

namespace Portal.Engine.Api.Tests.Fakes;

/// <summary>Archives that hold the names of what was asked for.</summary>
internal sealed class FakeArchives : IImageArchives
{
    public async Task SaveAsync(
        IReadOnlyList<string> references, Stream output, ImagePlatform? platform, CancellationToken cancellationToken = default)
    {
        if (references.Contains("missing"))
        {
            throw EngineException.NotFound("There is no image 'missing' here.");
        }

        var text = string.Join(',', references) + (platform is null ? "" : $" for {platform}");
        await output.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
    }
}
