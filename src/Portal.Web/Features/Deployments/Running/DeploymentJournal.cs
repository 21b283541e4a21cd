using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Deployments;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Deployments.Running;

/// <summary>Writes down what a deployment does, while it does it.</summary>
/// <remarks>Any thread: services are worked on beside each other.</remarks>
internal sealed class DeploymentJournal(IDbContextFactory<PortalDbContext> contexts, Guid deploymentId, TimeProvider time)
{
    private const int LongestText = 4096;
    private const int LongestName = 256;
    private const int LongestDetail = 1024;
    private int _last;

    /// <summary>What should not be read by everybody who may see the stack; replaced in all that is written.</summary>
    public IReadOnlyCollection<string> Secrets { get; set; } = [];

    /// <summary>Goes on where another portal ended: what it began and did not end is told as broken off. Before all else.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        _last = await database.DeploymentSteps.Where(step => step.DeploymentId == deploymentId)
            .MaxAsync(step => (int?)step.Number, cancellationToken) ?? 0;
        await database.DeploymentSteps.Where(step => step.DeploymentId == deploymentId && step.State == "Running")
            .ExecuteUpdateAsync(
                change => change.SetProperty(step => step.State, "Stopped").SetProperty(step => step.FinishedAt, now)
                    .SetProperty(step => step.Detail, N("The portal that did this went away; it is begun again.")),
                cancellationToken);
    }

    /// <summary>Does something as a step that people can follow.</summary>
    public async Task StepAsync(
        DeploymentPhase phase, string name, Func<DeploymentStepWriter, Task> work, CancellationToken cancellationToken)
    {
        var writer = await OpenAsync(phase, name, cancellationToken);
        try
        {
            await work(writer);
            await EndAsync(writer, "Done");
        }
        catch (Exception failure)
        {
            writer.Detail = failure is OperationCanceledException ? N("Stopped.") : failure.Message;
            await EndAsync(writer, failure is OperationCanceledException ? "Stopped" : "Failed");
            throw;
        }
    }

    public async Task WriteAsync(string text, bool isError, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        database.DeploymentLines.Add(new DeploymentLine
        {
            DeploymentId = deploymentId,
            WrittenAt = time.GetUtcNow(),
            IsError = isError,
            Text = Cut(Hidden(text), LongestText),
        });
        await database.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The text without secrets.</summary>
    public string Hidden(string text) => SecretText.Hide(text.Replace('\0', ' '), Secrets);

    internal async Task ReportAsync(DeploymentStepWriter writer, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var (detail, progress) = (Cut(Hidden(writer.Detail), LongestDetail), JsonSerializer.Serialize(writer.Parts));
        await database.DeploymentSteps.Where(step => step.DeploymentId == deploymentId && step.Number == writer.Number)
            .ExecuteUpdateAsync(
                change => change.SetProperty(step => step.Detail, detail).SetProperty(step => step.Progress, progress), cancellationToken);
    }

    private async Task<DeploymentStepWriter> OpenAsync(DeploymentPhase phase, string name, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _last);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        database.DeploymentSteps.Add(new DeploymentStep
        {
            DeploymentId = deploymentId,
            Number = number,
            Phase = phase.ToString(),
            Name = Cut(Hidden(name), LongestName),
            State = "Running",
            StartedAt = time.GetUtcNow(),
        });
        await database.SaveChangesAsync(cancellationToken);
        return new DeploymentStepWriter(this, number, time);
    }

    // Not cancelled: how a step ended is worth knowing most when it was broken off.
    private async Task EndAsync(DeploymentStepWriter writer, string state)
    {
        await ReportAsync(writer, CancellationToken.None);
        await using var database = await contexts.CreateDbContextAsync(CancellationToken.None);
        var now = time.GetUtcNow();
        await database.DeploymentSteps.Where(step => step.DeploymentId == deploymentId && step.Number == writer.Number)
            .ExecuteUpdateAsync(change => change.SetProperty(step => step.State, state).SetProperty(step => step.FinishedAt, now));
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";
}
