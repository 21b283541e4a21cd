using Portal.Compose.Interpolation;
using Portal.Compose.Model;
using Portal.Compose.Nodes;
using Portal.Compose.Problems;

namespace Portal.Compose.Loading;

/// <summary>Makes a project of the one mapping that its files became.</summary>
internal sealed class ProjectFinisher(FileLoader files, ComposeOptions options, Variables variables, ProblemList problems)
{
    public ComposeProject? Finish(ComposeMap whole)
    {
        var name = Name(whole);
        if (name is null)
        {
            return null;
        }

        Tell(whole);
        var services = whole.Map("services")?.Entries ?? [];
        var enabled = services.Where(entry => entry.Value is ComposeMap map && IsEnabled(map)).ToArray();
        var surroundings = new ProjectSurroundings(files, name, whole, variables, problems);
        var configs = surroundings.Files("configs");
        var secrets = surroundings.Files("secrets");
        var builder = new ServiceBuilder(files, name, variables, problems, configs, secrets);
        var built = enabled.Select(entry => builder.Build(entry.Key, (ComposeMap)entry.Value)).ToArray();
        var networks = surroundings.Networks(built);
        var volumes = surroundings.Volumes(built);
        if (options.IsSpread)
        {
            built = [.. built.Select(service => IngressPorts.Mark(service, networks, problems))];
        }

        new ReferenceCheck(problems, [.. services.Select(entry => entry.Key)], options.IsSpread)
            .Check(built, networks, volumes, configs, secrets);
        var ordered = DependencyOrder.Sort(built, problems);
        return new ComposeProject(
            name, ordered, [.. services.Except(enabled).Select(entry => entry.Key)], networks, volumes, configs, secrets);
    }

    private string? Name(ComposeMap whole)
    {
        var name = options.ProjectName ?? variables("COMPOSE_PROJECT_NAME") ?? whole.Text("name");
        if (name is not null && ProjectNames.IsRight(name))
        {
            return name;
        }

        problems.Error(whole["name"]?.Mark ?? whole.Mark, "name", name is null
            ? "The project has no name."
            : $"'{name}' is no project's name: lower-case letters, digits, '-' and '_', and a letter or digit first.");
        return null;
    }

    private bool IsEnabled(ComposeMap service)
    {
        var active = options.Profiles.Count > 0
            ? options.Profiles
            : variables("COMPOSE_PROFILES")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        var profiles = service.Texts("profiles");
        return profiles.Count == 0 || active.Contains("*") || profiles.Intersect(active).Any();
    }

    private void Tell(ComposeMap whole)
    {
        if (whole["version"] is { } version)
        {
            problems.Note(version.Mark, "version", "The version is not used any more; leave it out.");
        }

        if (whole["models"] is { } models)
        {
            problems.Warning(models.Mark, "models", "Models are not run here; services get no endpoint of them.");
        }

        foreach (var entry in whole.Map("services")?.Entries ?? [])
        {
            if (entry.Value is ComposeMap service && service["develop"] is { } develop)
            {
                problems.Note(develop.Mark, $"services.{entry.Key}.develop", "This is for a developer's machine and is not used here.");
            }

            if (entry.Value is ComposeMap provided && provided["provider"] is { } provider)
            {
                problems.Error(provider.Mark, $"services.{entry.Key}.provider", "Services of other providers can't be run here.");
            }
        }
    }
}
