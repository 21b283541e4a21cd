using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities.Consoles;

namespace Portal.Data.Configurations.Consoles;

internal sealed class RecordedConsoleEntityTypeConfiguration : IEntityTypeConfiguration<RecordedConsole>
{
    public void Configure(EntityTypeBuilder<RecordedConsole> builder)
    {
        builder.ToTable("recorded_consoles");
        builder.HasKey(console => console.Id);
        builder.Property(console => console.NodeName).HasMaxLength(256);
        builder.Property(console => console.ContainerId).HasMaxLength(64);
        builder.Property(console => console.ContainerName).HasMaxLength(256);
        builder.Property(console => console.Name).HasMaxLength(256);
        builder.Property(console => console.Command).HasMaxLength(1024);
        builder.Property(console => console.OwnerName).HasMaxLength(256);
        builder.Property(console => console.Ending).HasMaxLength(256);
        builder.HasIndex(console => console.StartedAt);
    }
}
