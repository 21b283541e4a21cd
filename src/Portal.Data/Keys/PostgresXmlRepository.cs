using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Entities;

namespace Portal.Data.Keys;

/// <summary>Keeps data-protection keys in PostgreSQL, so that a cookie made by one portal is read by the next.</summary>
/// <remarks>Synchronous because <see cref="IXmlRepository"/> is; it is asked once a day and at start.</remarks>
internal sealed class PostgresXmlRepository(IDbContextFactory<PortalDbContext> contexts, TimeProvider time) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var context = contexts.CreateDbContext();
        return context.DataProtectionKeys.AsNoTracking()
            .Select(key => key.Xml)
            .ToList()
            .ConvertAll(XElement.Parse);
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var context = contexts.CreateDbContext();
        context.DataProtectionKeys.Add(new DataProtectionKey
        {
            Name = friendlyName,
            Xml = element.ToString(SaveOptions.DisableFormatting),
            CreatedAt = time.GetUtcNow(),
        });
        context.SaveChanges();
    }
}
