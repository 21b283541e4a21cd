namespace Portal.Compose.Proposals;

/// <summary>
/// Volumes and networks that services name. Those of the project whose containers they are stay the project's; others are there already
/// and are used as they are, so that nobody's data is left behind.
/// </summary>
internal sealed class ProposalPlaces(string? project, IReadOnlyDictionary<string, string> services)
{
    private readonly SortedDictionary<string, string?> _volumes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string?> _networks = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];

    public IReadOnlyList<string> Notes => _notes;

    public void Note(string note) => _notes.Add(note);

    /// <summary>Whether a container is called as Compose calls the first one of a service by itself.</summary>
    public bool IsUsualName(string service, string name) =>
        project is not null && (name == $"{project}-{service}-1" || name == $"{project}_{service}_1");

    public bool IsDefault(string network) => project is not null && network == $"{project}_default";

    public string Volume(string name, string service)
    {
        if (name.Length == 64 && name.All(char.IsAsciiHexDigit))
        {
            Note($"'{service}': a volume without a name is used under its number, so that what is in it stays.");
        }

        return Own(_volumes, name);
    }

    public string Network(string name) => Own(_networks, name);

    /// <summary>Of a network that another container has: by its service when it is among them.</summary>
    public string Sharing(string mode)
    {
        var other = mode["container:".Length..];
        return services.TryGetValue(other, out var service) ? $"service:{service}" : mode;
    }

    public void Write(YamlText text)
    {
        Write(text, "volumes", _volumes);
        Write(text, "networks", _networks);
    }

    private string Own(SortedDictionary<string, string?> known, string name)
    {
        if (project is not null && name.StartsWith(project + "_", StringComparison.Ordinal) && name.Length > project.Length + 1)
        {
            var own = name[(project.Length + 1)..];
            known[own] = null;
            return own;
        }

        known[name] = name;
        return name;
    }

    private static void Write(YamlText text, string key, SortedDictionary<string, string?> known)
    {
        if (known.Count == 0)
        {
            return;
        }

        text.Key(0, key);
        foreach (var (name, outside) in known)
        {
            text.Key(2, name);
            if (outside is not null)
            {
                text.Plain(4, "external", "true");
            }
        }
    }
}
