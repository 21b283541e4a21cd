using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Access;

namespace Portal.Data.Configurations.Access;

internal sealed class SignInProviderEntityTypeConfiguration : IEntityTypeConfiguration<SignInProvider>
{
    public void Configure(EntityTypeBuilder<SignInProvider> builder)
    {
        builder.ToTable("sign_in_providers");
        builder.HasKey(provider => provider.Id);
        builder.Property(provider => provider.Id).ValueGeneratedNever();
        builder.Property(provider => provider.Name).HasMaxLength(64);
        builder.Property(provider => provider.Kind).HasMaxLength(16);
        builder.Property(provider => provider.Authority).HasMaxLength(512);
        builder.Property(provider => provider.ClientId).HasMaxLength(512);
        builder.Property(provider => provider.Settings).HasColumnType("jsonb");
        builder.HasIndex(provider => provider.Name).IsUnique();
    }
}
