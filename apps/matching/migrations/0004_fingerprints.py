import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('capabilities', '0001_initial'),
        ('matching', '0003_rankers'),
        ('needs', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Fingerprint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(verbose_name='文本版本')),
                ('method', models.CharField(max_length=20, verbose_name='指纹算法')),
                ('group', models.CharField(db_index=True, max_length=20, null=True, verbose_name='近似组')),
                ('capability', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='fingerprint', to='capabilities.capability')),
                ('need', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='fingerprint', to='needs.need')),
            ],
            options={
                'verbose_name': '文本指纹',
                'verbose_name_plural': '文本指纹',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('capability__isnull', True), ('need__isnull', False)), models.Q(('capability__isnull', False), ('need__isnull', True)), _connector='OR'), name='fingerprint_has_one_side')],
            },
        ),
        migrations.CreateModel(
            name='FingerprintKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BigIntegerField(verbose_name='键')),
                ('fingerprint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='matching.fingerprint')),
            ],
            options={
                'verbose_name': '指纹键',
                'verbose_name_plural': '指纹键',
                'indexes': [models.Index(fields=['key', 'fingerprint'], name='fingerprint_key')],
            },
        ),
    ]
