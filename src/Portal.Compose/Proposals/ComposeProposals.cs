using System.Text.Json;
using Portal.Compose.Loading;
using Portal.Compose.Model;
using Portal.Compose.Planning;
using Portal.Compose.Problems;
using Portal.Compose.Sources;

namespace Portal.Compose.Proposals;

/// <summary>Proposes a Compose file for containers that run, whoever started them.</summary>
public static class ComposeProposals
{
    /// <param name="containers">Of one node.</param>
    public static ComposeProposal Of(IReadOnlyList<FoundContainer> containers)
    {
        var projects = containers.Select(container => Label(container, ComposeLabels.Project)).Distinct().ToList();
        var project = projects is [{ Length: > 0 } one] && ProjectNames.IsRight(one) ? one : null;
        var groups = Group(containers, project);
        var byContainer = groups.SelectMany(group => group.Containers.SelectMany(container => new[]
            {
                ((JsonElement?)container.Inspected).Text("Id"), ((JsonElement?)container.Inspected).Text("Name").TrimStart('/'),
            }.Where(name => name.Length > 0).Select(name => (Name: name, group.Service))))
            .DistinctBy(pair => pair.Name).ToDictionary(pair => pair.Name, pair => pair.Service);
        var (text, values, places) = (new YamlText(), new ProposalValues(), new ProposalPlaces(project, byContainer));
        text.Key(0, "services");
        foreach (var (service, replicas) in groups)
        {
            new ServiceProposal(service, replicas[0], places, values, replicas.Count).Write(text);
        }

        places.Write(text);
        Say(places, project, values);
        var written = text.ToString();
        var result = ComposeLoader.Load(
            new OneFile(written), new ComposeOptions { ProjectName = project ?? "proposal", Values = values.All.ToDictionary() });
        var wrong = result.Problems.Where(problem => problem.Severity == ComposeSeverity.Error)
            .Select(problem => $"{problem.Key}: {problem.Message}");
        return new ComposeProposal(written, values.All, [.. places.Notes, .. wrong], project);
    }

    private static void Say(ProposalPlaces places, string? project, ProposalValues values)
    {
        places.Note(project is not null
            ? $"They are all of the project '{project}': saved under that name, 'Take over' makes them the stack's as they run, "
                + "where they are what the file says."
            : "They are not of one project, and labels can't be added to a container: deployed, they are made anew. Remove the old "
                + "ones before, for their names and ports are taken; their volumes are used as they are.");
        if (values.All.Count > 0)
        {
            places.Note($"What looked secret became variables, whose values are kept encrypted: {string.Join(", ", values.All.Keys)}.");
        }
    }

    // Several containers of one service are its replicas; else each is a service.
    private static List<(string Service, List<FoundContainer> Containers)> Group(IReadOnlyList<FoundContainer> containers, string? project)
    {
        var groups = new List<(string Service, List<FoundContainer> Containers)>();
        foreach (var container in containers)
        {
            var service = project is null ? "" : Label(container, ComposeLabels.Service);
            var there = groups.FindIndex(group => service.Length > 0 && group.Service == service);
            if (there >= 0)
            {
                groups[there].Containers.Add(container);
                continue;
            }

            groups.Add((Free(service.Length > 0 ? service : ((JsonElement?)container.Inspected).Text("Name"), groups), [container]));
        }

        return groups;
    }

    private static string Free(string name, List<(string Service, List<FoundContainer> Containers)> groups)
    {
        var plain = new string([.. name.TrimStart('/').Select(letter =>
            char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' ? letter : '-')]).TrimStart('.', '_', '-');
        var free = plain.Length > 0 ? plain : "app";
        for (var number = 2; groups.Any(group => group.Service == free); number++)
        {
            free = $"{plain}-{number}";
        }

        return free;
    }

    private static string Label(FoundContainer container, string name) =>
        ((JsonElement?)container.Inspected).Find("Config").Find("Labels").Text(name);

    private sealed class OneFile(string text) : IProjectFiles
    {
        public string? Read(string path) => path == "compose.yaml" ? text : null;
    }
}
