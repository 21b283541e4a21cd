using Npgsql;
using NpgsqlTypes;
using Portal.Data.Entities.Webhooks;

namespace Portal.Web.Features.Webhooks.Receiving;

/// <summary>Keeps deliveries: before the sender gets an answer, and each once.</summary>
/// <remarks>Singleton; any thread and any portal.</remarks>
internal sealed class DeliveryStore(NpgsqlDataSource database)
{
    /// <summary>Keeps a delivery that is not there yet.</summary>
    /// <returns>
    /// Its id and false; the id of the one that it is a copy of and true; null when the webhook is gone.
    /// </returns>
    public async Task<(Guid Id, bool IsCopy)?> AddAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            if (await InsertAsync(delivery, cancellationToken))
            {
                return (delivery.Id, false);
            }
        }
        catch (PostgresException gone) when (gone.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return null;
        }

        await using var command = database.CreateCommand(
            """
            update webhook_deliveries set copies = copies + 1
            where id = (select id from webhook_deliveries where webhook_id = $1 and (sender_key = $2 or digest = $3) order by id limit 1)
            returning id
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = delivery.WebhookId });
        AddIdentity(command, delivery);

        // Forgotten in between: then it is a copy of something that was done long ago.
        return (await command.ExecuteScalarAsync(cancellationToken) as Guid? ?? Guid.Empty, true);
    }

    private async Task<bool> InsertAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        // Of two copies at once, on any portals, the second waits here for the first.
        await using var command = database.CreateCommand(
            """
            insert into webhook_deliveries (id, sender_key, digest, webhook_id, repeats_id, repeated_by, received_at, address, event,
                headers, body, copies, state, detail, attempts, due_at, finished_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13, 0, $14, $15)
            on conflict do nothing
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = delivery.Id });
        AddIdentity(command, delivery);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = delivery.WebhookId });
        Add(command, NpgsqlDbType.Uuid, delivery.RepeatsId);
        Add(command, NpgsqlDbType.Varchar, delivery.RepeatedBy);
        Add(command, NpgsqlDbType.TimestampTz, delivery.ReceivedAt.UtcDateTime);
        Add(command, NpgsqlDbType.Varchar, delivery.Address);
        Add(command, NpgsqlDbType.Varchar, delivery.Event);
        Add(command, NpgsqlDbType.Jsonb, delivery.Headers);
        Add(command, NpgsqlDbType.Bytea, delivery.Body);
        Add(command, NpgsqlDbType.Varchar, delivery.State);
        Add(command, NpgsqlDbType.Varchar, delivery.Detail);
        Add(command, NpgsqlDbType.TimestampTz, delivery.DueAt?.UtcDateTime);
        Add(command, NpgsqlDbType.TimestampTz, delivery.FinishedAt?.UtcDateTime);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static void AddIdentity(NpgsqlCommand command, WebhookDelivery delivery)
    {
        Add(command, NpgsqlDbType.Varchar, delivery.SenderKey);
        Add(command, NpgsqlDbType.Bytea, delivery.Digest);
    }

    private static void Add(NpgsqlCommand command, NpgsqlDbType type, object? value) =>
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });
}
