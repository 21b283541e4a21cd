using Microsoft.EntityFrameworkCore;
using Portal.Compose.Model;
using Portal.Data;
using Portal.Data.Entities.Images;
using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Registries;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Files;
using Portal.Web.Features.Stacks.Images;
using Portal.Web.Features.Updates.Tags;
using Portal.Web.Features.Webhooks.Work;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Updates.Rules;

/// <summary>Reads what services of stacks follow, and looks what that is in their registries now. Changes nothing.</summary>
/// <remarks>Singleton; any thread. Who calls this has checked the grant.</remarks>
internal sealed class FollowedImages(
    IDbContextFactory<PortalDbContext> contexts, StackSecrets secrets, RegistryTags registries, IFleet fleet)
{
    /// <summary>The author of revisions that nobody asked for.</summary>
    public const string Author = "image policy";

    /// <summary>Reads a stack's newest revision and its rules.</summary>
    /// <exception cref="StackException">There is no such stack, or its files can't be read.</exception>
    public async Task<FollowedStack> ReadAsync(Guid stackId, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var stack = await database.Stacks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == stackId, cancellationToken)
            ?? throw new StackException(N("There is no such stack any more."));
        var newest = await database.StackRevisions.AsNoTracking()
            .SingleAsync(row => row.StackId == stackId && row.Number == stack.Revision, cancellationToken);
        var rules = await database.ImageRules.AsNoTracking().Where(row => row.StackId == stackId)
            .ToDictionaryAsync(row => row.Service, StringComparer.Ordinal, cancellationToken);
        var (basis, isOwed, held) = await BasisAsync(database, stack, newest, cancellationToken);
        var overrides = ImageOverride.Of(basis);
        var services = new List<FollowedService>();
        foreach (var service in (await ProjectAsync(database, stack, newest, cancellationToken)).Services)
        {
            var now = overrides.TryGetValue(service.Name, out var other) && other.From == service.Image ? other.To : service.Image;
            services.Add(Follow(service, now, rules.GetValueOrDefault(service.Name)));
        }

        return new FollowedStack(stack, newest, services, overrides, isOwed, held);
    }

    /// <summary>What each service that follows a rule would get now.</summary>
    /// <param name="followed">The stack.</param>
    /// <param name="isAsked">Whether a person who may deploy there wants to know.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<IReadOnlyList<FollowedChoice>> LookAsync(FollowedStack followed, bool isAsked, CancellationToken cancellationToken)
    {
        var nodes = RunningStacks.NodesOf(followed.Stack, fleet.Current).Where(node => node.Presence == NodePresence.Online).ToList();
        var known = new Dictionary<(string Registry, string Repository), IReadOnlyList<string>>();
        var choices = new List<FollowedChoice>();
        foreach (var service in followed.Services.Where(service => service.Rule is not null || service.Problem.Length > 0))
        {
            try
            {
                choices.Add(await LookAsync(service, nodes, known, isAsked, cancellationToken));
            }
            catch (StackException failure)
            {
                choices.Add(new FollowedChoice(service, null, "", failure.Message));
            }
        }

        return choices;
    }

    // The same image may be that of several services: its registry is asked once.
    private async Task<FollowedChoice> LookAsync(
        FollowedService service, IReadOnlyList<NodeState> nodes,
        Dictionary<(string Registry, string Repository), IReadOnlyList<string>> known, bool isAsked, CancellationToken cancellationToken)
    {
        if (service.Problem.Length > 0)
        {
            return new FollowedChoice(service, null, "", service.Problem);
        }

        if (nodes.Count == 0)
        {
            throw new StackException(N("No node of the stack answers, by way of which its registry could be asked."));
        }

        var image = StackImage.Parse(service.Image);
        if (!known.TryGetValue((image.Registry, image.Repository), out var tags))
        {
            tags = await registries.ListAsync(nodes, image, isAsked, cancellationToken);
            known[(image.Registry, image.Repository)] = tags;
        }

        var choice = TagSelection.Choose(service.Rule!, tags, StackImage.Parse(service.Now).Tag, service.Taken);
        return new FollowedChoice(service, choice, choice.IsTaken ? $"{WithoutTag(service.Image)}:{choice.Newest}" : "", "");
    }

    /// <summary>An image's name as it is written, without its tag.</summary>
    internal static string WithoutTag(string image)
    {
        var colon = image.LastIndexOf(':');
        return colon > image.LastIndexOf('/') ? image[..colon] : image;
    }

    private static FollowedService Follow(ComposeService service, string now, ImageRule? row)
    {
        var labels = service.Definition.Pairs("labels").ToDictionary(pair => pair.Key, pair => pair.Value ?? "", StringComparer.Ordinal);
        var rule = TagRule.OfLabels(labels, out var problem);
        var isOfFiles = labels.ContainsKey(TagRule.Label);
        rule ??= !isOfFiles && row is { Rule.Length: > 0 } ? TagRule.Parse(row.Rule) : null;
        if (rule is not null && problem.Length == 0)
        {
            problem = service.IsBuilt ? N("It is built, and has no tags to choose from.")
                : service.Image.Contains('@', StringComparison.Ordinal) ? N("Its image is fixed by a digest.") : "";
        }

        // What another rule took says nothing of this one.
        var isSame = rule is not null && row is not null && row.TakenBy == rule.ToJson();
        return new FollowedService(
            service.Name, service.Image, now, rule, isOfFiles, problem, isSame ? row!.Taken : "", isSame ? row!.TakenAt : null,
            rule is null || isOfFiles ? "" : row!.OwnerName);
    }

    // What is taken is laid over what runs: never over what somebody has saved and not deployed, nor over images that were gone back from.
    private static async Task<(StackRevision Basis, bool IsOwed, string Held)> BasisAsync(
        PortalDbContext database, Stack stack, StackRevision newest, CancellationToken cancellationToken)
    {
        if (stack.GoodRevision is not { } number)
        {
            return (newest, false, N("The stack has not been deployed with success yet."));
        }

        if (number == newest.Number)
        {
            return (newest, false, "");
        }

        var good = await database.StackRevisions.AsNoTracking()
            .SingleAsync(row => row.StackId == stack.Id && row.Number == number, cancellationToken);
        if (!await IsSameButImagesAsync(database, good, newest, cancellationToken))
        {
            return (newest, false,
                E("Revision {0} is saved and does not run. What is taken would bring it along: deploy it first.", newest.Number));
        }

        var last = await database.Deployments.AsNoTracking()
            .Where(row => row.StackId == stack.Id && row.Revision == newest.Number && row.Operation == nameof(DeploymentOperation.Deploy))
            .OrderByDescending(row => row.CreatedAt).Select(row => new { row.FinishedAt }).FirstOrDefaultAsync(cancellationToken);
        return last is null ? (newest, newest.AuthorName == Author, "") : last.FinishedAt is null ? (newest, false, "") : (good, false, "");
    }

    private static async Task<bool> IsSameButImagesAsync(
        PortalDbContext database, StackRevision one, StackRevision other, CancellationToken cancellationToken)
    {
        if (one.File != other.File || one.KeptValues != other.KeptValues || !one.ComposeFiles.SequenceEqual(other.ComposeFiles))
        {
            return false;
        }

        var files = await database.StackFiles.AsNoTracking()
            .Where(file => file.StackId == one.StackId && (file.Revision == one.Number || file.Revision == other.Number))
            .ToListAsync(cancellationToken);
        return files.Where(file => file.Revision == one.Number).Select(Name).ToHashSet(StringComparer.Ordinal)
            .SetEquals(files.Where(file => file.Revision == other.Number).Select(Name));

        static string Name(StackFile file) => $"{file.Path}\n{Convert.ToHexString(file.Digest)}{file.IsExecutable}";
    }

    private async Task<ComposeProject> ProjectAsync(
        PortalDbContext database, Stack stack, StackRevision revision, CancellationToken cancellationToken)
    {
        var files = await StackFileStore.ReadAsync(database, revision, cancellationToken);
        var images = revision.Images;
        try
        {
            revision.Images = "{}";
            return DeploymentProject.Load(stack, revision, files, secrets).Project;
        }
        catch (DeploymentRefusedException failure)
        {
            throw new StackException(failure.Message, failure);
        }
        finally
        {
            revision.Images = images;
        }
    }
}
