using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;
using Portal.Data.Keys;
using Portal.Data.Migrating;

namespace Portal.Data;

public static class DataServiceCollectionExtensions
{
    /// <summary>
    /// Adds the database: <see cref="NpgsqlDataSource"/>, <see cref="IDbContextFactory{TContext}"/> and scoped <see cref="PortalDbContext"/>,
    /// <see cref="Migrator"/>, and data-protection keys kept in it.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="connectionString">Gives Npgsql's connection string when it is first needed.</param>
    /// <param name="keyFile">Gives the key that encrypts the data-protection keys: then <see cref="KeyEncryption"/> must be asked before
    /// them. Null leaves them in the clear, for hosts that protect nothing.</param>
    public static IServiceCollection AddPortalData(
        this IServiceCollection services, Func<IServiceProvider, string> connectionString, Func<IServiceProvider, KeyFile>? keyFile = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => NpgsqlDataSource.Create(ConnectionLimit.Apply(connectionString(provider))));
        services.AddDbContextFactory<PortalDbContext>(static (provider, options) =>
            options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));
        services.TryAddSingleton(MigrationSet.Embedded);
        services.TryAddSingleton<Migrator>();

        services.TryAddSingleton<IXmlRepository, PostgresXmlRepository>();
        services.AddDataProtection().SetApplicationName("portal");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider =>
            new ConfigureOptions<KeyManagementOptions>(options =>
            {
                options.XmlRepository = provider.GetRequiredService<IXmlRepository>();
                options.XmlEncryptor = provider.GetService<KeyFileCipher>();
            }));
        return keyFile is null ? services : services.AddKeyEncryption(keyFile);
    }

    private static IServiceCollection AddKeyEncryption(this IServiceCollection services, Func<IServiceProvider, KeyFile> keyFile)
    {
        services.TryAddSingleton(keyFile);
        services.TryAddSingleton<KeyFileCipher>();
        services.TryAddSingleton(provider => new KeyEncryption(
            provider.GetRequiredService<IDbContextFactory<PortalDbContext>>(),
            provider.GetRequiredService<KeyFileCipher>(),
            provider.GetRequiredService<KeyFile>()));
        return services;
    }
}
