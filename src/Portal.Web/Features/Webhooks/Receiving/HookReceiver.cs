using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Webhooks;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Webhooks.Payloads;
using Portal.Web.Features.Webhooks.Work;

namespace Portal.Web.Features.Webhooks.Receiving;

/// <summary>
/// Takes deliveries: finds out whether the sender is who it should be, keeps the delivery, and answers. Nothing is done here: a worker on any
/// portal does it, so the sender never waits, and what was answered is never lost.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class HookReceiver(
    IDbContextFactory<PortalDbContext> contexts,
    HookSecrets secrets,
    HookGate gate,
    DeliveryStore store,
    HookSignal signal,
    IAuditLog audit,
    TimeProvider time)
{
    // Stands where there is no webhook, so that it takes as long to find out that a call of it is wrong.
    private readonly (Webhook Hook, HookProviderInfo Provider) _decoy = MakeDecoy(secrets);

    /// <summary>Takes one.</summary>
    /// <param name="id">The webhook's id as it stands in the address.</param>
    /// <param name="request">The call.</param>
    /// <param name="client">Who calls.</param>
    /// <param name="cancellationToken">Gives up before it is kept, never after.</param>
    public async Task<HookAnswer> ReceiveAsync(string id, HookRequest request, IPAddress client, CancellationToken cancellationToken)
    {
        var found = await FindAsync(id, cancellationToken);
        var (hook, provider) = found ?? _decoy;
        var secret = secrets.Unprotect(hook.Id, hook.KeptSecret);
        var now = time.GetUtcNow();
        var proof = HookSignatures.Check(provider.Provider, secret ?? hook.KeptSecret, request, now);
        if (proof is null || found is null || secret is null || !hook.Enabled)
        {
            gate.Failed(client, id);
            await DenyAsync(id, found?.Hook.Name ?? "", request, "the sender did not prove itself");
            return HookAnswer.Refused;
        }

        gate.Succeeded(client, id);
        if (proof.IsLate)
        {
            await DenyAsync(id, hook.Name, request, "it was signed too long ago, or for a time to come");
            return Say(400, new
            {
                error = $"The signed time is more than {HookSignatures.Window.TotalMinutes} minutes from now. Look at the clocks.",
            });
        }

        return gate.TryTake(hook.Id) ? await KeepAsync(hook, provider, proof, request, now, cancellationToken) : HookAnswer.TooMany;
    }

    private async Task<HookAnswer> KeepAsync(
        Webhook hook, HookProviderInfo provider, HookProof proof, HookRequest request, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var delivery = new WebhookDelivery
        {
            Id = Guid.CreateVersion7(now), WebhookId = hook.Id, SenderKey = proof.Key, Digest = proof.Digest, ReceivedAt = now,
            Address = request.Address, Headers = HeaderMask.ToJson(request.Headers), Body = request.Body.ToArray(),
        };
        try
        {
            var message = PayloadReader.Read(provider.Provider, request.Headers, request.Body);
            if (message.Events.Count == 0 && provider.Provider == HookProvider.Distribution)
            {
                // It tells of each layer and each pull: kept, they would hide what matters.
                return Say(200, new { ignored = message.Nothing });
            }

            (delivery.Event, delivery.State, delivery.DueAt) = (Cut(message.Event), HookState.Waiting, now);
        }
        catch (HookPayloadException wrong)
        {
            (delivery.State, delivery.Detail, delivery.FinishedAt) = (HookState.Malformed, wrong.Message, now);
        }

        return await store.AddAsync(delivery, cancellationToken) switch
        {
            null => HookAnswer.Refused,
            (var first, true) => Say(200, new { delivery = first, copy = true }),
            _ when delivery.State == HookState.Malformed => Say(400, new { delivery = delivery.Id, error = delivery.Detail }),
            _ => Taken(delivery),
        };
    }

    private HookAnswer Taken(WebhookDelivery delivery)
    {
        signal.Raise();
        return Say(202, new { delivery = delivery.Id });
    }

    private async Task<(Webhook Hook, HookProviderInfo Provider)?> FindAsync(string id, CancellationToken cancellationToken)
    {
        // What is no id is looked for as well: that takes its time.
        var key = Guid.TryParseExact(id, "D", out var parsed) ? parsed : Guid.Empty;
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var hook = await database.Webhooks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == key, cancellationToken);
        return hook is not null && HookProviders.Find(hook.Provider) is { } provider ? (hook, provider) : null;
    }

    // The log bounds how many of these one caller can make it write.
    private Task DenyAsync(string id, string name, HookRequest request, string why) => audit.WriteAsync(
        new AuditEntry(
            new Actor(Guid.Empty, "", request.Address), "webhook.deliver", "webhook", Cut(id), name, null, AuditOutcome.Denied, why),
        CancellationToken.None);

    private static string Cut(string text)
    {
        const int Most = 64;
        var clean = string.Concat(text.Where(letter => !char.IsControl(letter)).Take(Most));
        return clean;
    }

    private static HookAnswer Say<T>(int status, T value) => new(status, JsonSerializer.SerializeToUtf8Bytes(value), IsJson: true);

    private static (Webhook Hook, HookProviderInfo Provider) MakeDecoy(HookSecrets secrets)
    {
        var id = Guid.NewGuid();
        var hook = new Webhook { Id = id, KeptSecret = secrets.Protect(id, HookSecrets.Create(HookProvider.GitHub)) };
        return (hook, HookProviders.Of(HookProvider.GitHub));
    }
}
