using Portal.Compose.Model;
using Portal.Compose.Problems;

namespace Portal.Compose.Loading;

/// <summary>Puts services after those that they depend on, and otherwise in the order of the files.</summary>
internal static class DependencyOrder
{
    public static IReadOnlyList<ComposeService> Sort(IReadOnlyList<ComposeService> services, ProblemList problems)
    {
        var left = services.ToList();
        var names = services.Select(service => service.Name).ToHashSet(StringComparer.Ordinal);
        var done = new HashSet<string>(StringComparer.Ordinal);
        var sorted = new List<ComposeService>();
        while (left.Count > 0)
        {
            var ready = left.Where(service => service.DependsOn.All(on => done.Contains(on.Service) || !names.Contains(on.Service)))
                .ToArray();
            if (ready.Length == 0)
            {
                Tell(left, problems);
                return [.. sorted, .. left];
            }

            sorted.AddRange(ready);
            done.UnionWith(ready.Select(service => service.Name));
            left.RemoveAll(service => done.Contains(service.Name));
        }

        return sorted;
    }

    // Following any dependency among those that are left, one comes to a service for the second time.
    private static void Tell(List<ComposeService> left, ProblemList problems)
    {
        var byName = left.ToDictionary(service => service.Name, StringComparer.Ordinal);
        var path = new List<string>();
        var service = left[0];
        while (!path.Contains(service.Name))
        {
            path.Add(service.Name);
            service = byName[service.DependsOn.First(on => byName.ContainsKey(on.Service)).Service];
        }

        var circle = path.SkipWhile(name => name != service.Name).Append(service.Name).Select(name => $"'{name}'");
        var mark = (service.Definition["depends_on"] ?? service.Definition).Mark;
        problems.Error(mark, $"services.{service.Name}.depends_on", $"Services wait for each other: {string.Join(", ", circle)}.");
    }
}
