using Portal.Web.Features.Stacks.Files;

namespace Portal.Web.Features.Rest.Stacks.Editing;

/// <summary>The files of a revision, by path.</summary>
internal sealed record StackFilesItem(IReadOnlyList<string> ComposeFiles, IReadOnlyDictionary<string, StackFileBody> Files)
{
    public static StackFilesItem Of(StackFileSet set) => new(
        set.ComposeFiles, set.Files.ToDictionary(pair => pair.Key, pair => StackFileBody.Of(pair.Value), StringComparer.Ordinal));
}
