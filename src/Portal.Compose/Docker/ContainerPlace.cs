namespace Portal.Compose.Docker;

/// <summary>What a container is made with beyond what its service says.</summary>
/// <param name="Name">On the node.</param>
/// <param name="Number">Among those of its service.</param>
/// <param name="Image">Its name, or its id where the name stands for another image by now.</param>
/// <param name="ImageId">What it is made of.</param>
/// <param name="Labels">Further labels.</param>
/// <param name="Containers">A container's id of each service, for those that share what is another's.</param>
/// <param name="Kept">Anonymous volumes of the container that it replaces, by their place in it.</param>
public sealed record ContainerPlace(
    string Name,
    int Number,
    string Image,
    string ImageId,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, string> Containers,
    IReadOnlyDictionary<string, string> Kept)
{
    /// <value>
    /// Where on the node the project's own files are: by the source of a bind, and by <see cref="ServiceFile.PlaceKey"/> of a secret. Empty
    /// where none are brought there.
    /// </value>
    public IReadOnlyDictionary<string, string> Brought { get; init; } = new Dictionary<string, string>();
}
