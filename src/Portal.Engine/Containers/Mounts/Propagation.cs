namespace Portal.Engine.Containers.Mounts;

/// <summary>Words of mount propagation (mount_namespaces(7)).</summary>
internal static class Propagation
{
    public const string Default = "rprivate";

    private const string OfEngine = "rslave";

    private static readonly string[] s_words = ["private", "rprivate", "shared", "rshared", "slave", "rslave"];

    public static bool IsKnown(string word) => s_words.Contains(word);

    public static string Of(ContainerMount mount) => mount.Options.Split(',').LastOrDefault(IsKnown)
        ?? (MountFlags.Has(mount, MountFlags.HoldsEngine) ? OfEngine : Default);
}
