using System.Text.Json;

namespace Portal.Compose.Proposals;

/// <summary>A container that is there, as Docker's API tells of it.</summary>
/// <param name="Inspected">What <c>docker inspect</c> has of it.</param>
/// <param name="Image">What <c>docker image inspect</c> has of its image; null where the image is gone.</param>
public sealed record FoundContainer(JsonElement Inspected, JsonElement? Image);
