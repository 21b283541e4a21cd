using System.Text.Json;
using Portal.Compose.Model;
using Portal.Data.Entities.Stacks;

namespace Portal.Web.Features.Stacks.Images;

/// <summary>
/// An image that a service has in place of the one that its files name. It holds as long as they name that one: who changes the image
/// in the
/// files means it.
/// </summary>
/// <param name="From">What the files name.</param>
/// <param name="To">What the service gets.</param>
public sealed record ImageOverride(string From, string To)
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web);

    /// <summary>Those of a revision, by the service.</summary>
    public static IReadOnlyDictionary<string, ImageOverride> Of(StackRevision revision) =>
        JsonSerializer.Deserialize<Dictionary<string, ImageOverride>>(revision.Images, s_options) ?? [];

    public static string ToJson(IReadOnlyDictionary<string, ImageOverride> overrides) => JsonSerializer.Serialize(overrides, s_options);

    /// <summary>The project with the images that the revision has.</summary>
    public static ComposeProject Apply(ComposeProject project, StackRevision revision)
    {
        var overrides = Of(revision);
        return overrides.Count == 0 ? project : project with
        {
            Services =
            [
                .. project.Services.Select(service => overrides.TryGetValue(service.Name, out var one) && one.From == service.Image
                    ? service with { Image = one.To } : service),
            ],
        };
    }
}
