using Portal.Compose.Merging;
using Portal.Compose.Nodes;
using Portal.Compose.Problems;
using Portal.Compose.Sources;

namespace Portal.Compose.Loading;

/// <summary>Lays services over those that they extend, in the same file or another of the project.</summary>
internal sealed class ServiceExtender(FileLoader files, ComposeLimits limits, ProblemList problems)
{
    /// <param name="below">What the file is laid over; a service that it does not have may be there.</param>
    public ComposeMap Apply(FileScope scope, ComposeMap? below)
    {
        if (scope.Map.Map("services") is not { } services)
        {
            return scope.Map;
        }

        var entries = services.Entries.Select(entry =>
            entry with { Value = Extended(scope, entry.Key, below, []) is { } service ? service.WithTag(entry.Value.Tag) : entry.Value });
        return scope.Map.With("services", new ComposeMap([.. entries], services.Mark, services.Tag));
    }

    private ComposeMap? Extended(FileScope scope, string name, ComposeMap? below, IReadOnlyList<(string File, string Service)> chain)
    {
        var service = Service(scope.Map, name);
        if (service?.Map("extends") is not { } extends)
        {
            return service;
        }

        var key = $"services.{name}.extends";
        if (chain.Contains((scope.Path, name)) || chain.Count >= limits.Chain)
        {
            problems.Error(extends.Mark, key, chain.Count >= limits.Chain
                ? $"Services extend each other over more than {limits.Chain} steps."
                : $"The service extends itself, by way of {string.Join(", ", chain.Select(step => $"'{step.Service}'"))}.");
            return null;
        }

        var basis = Basis(scope, extends, below, key, [.. chain, (scope.Path, name)]);
        return basis is null ? null : Merger.Services(basis, service.Without("extends"));
    }

    private ComposeMap? Basis(
        FileScope scope, ComposeMap extends, ComposeMap? below, string key, IReadOnlyList<(string File, string Service)> chain)
    {
        var name = extends.Text("service");
        if (name is null)
        {
            return null;
        }

        var other = scope;
        if (extends.Text("file") is { } path)
        {
            other = files.Load(path, ProjectPaths.FolderOf(path), scope.Variables, extends["file"]!.Mark, $"{key}.file");
            if (other is null)
            {
                return null;
            }
        }

        var found = Extended(other, name, below, chain)
            ?? (other == scope && Service(scope.Map, name) is null ? Service(below, name) : null);
        if (found is null && Service(other.Map, name) is null)
        {
            problems.Error(extends["service"]!.Mark, $"{key}.service", $"There is no service '{name}' in '{other.Path}'.");
        }

        return found;
    }

    private static ComposeMap? Service(ComposeMap? file, string name) => file?.Map("services")?.Map(name);
}
