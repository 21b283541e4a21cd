using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Entities;
using Portal.Data.Entities.Access;

namespace Portal.Data.Configurations;

internal sealed class NodeJoinTokenEntityTypeConfiguration : IEntityTypeConfiguration<NodeJoinToken>
{
    public void Configure(EntityTypeBuilder<NodeJoinToken> builder)
    {
        builder.ToTable("join_tokens");
        builder.HasKey(token => token.Id);
        builder.Property(token => token.Id).ValueGeneratedNever();
        builder.Property(token => token.Note).HasMaxLength(256);
        builder.Property(token => token.Labels).HasColumnType("jsonb");
        builder.HasOne<NodeEnvironment>().WithMany().HasForeignKey(token => token.EnvironmentId).OnDelete(DeleteBehavior.Cascade);
    }
}
